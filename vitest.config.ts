import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["{functions,web,supabase}/**/*.test.{ts,tsx}"],
          exclude: ["**/node_modules/**"],
        },
      },
    ],
  },
});
