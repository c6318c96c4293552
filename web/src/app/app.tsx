import { QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { SignInPage } from "../features/sign-in/sign-in-page.tsx";
import { newQueryClient } from "../lib/api/query-client.ts";
import { useAuth } from "../lib/auth/use-auth.ts";
import { Shell } from "./shell.tsx";

export function App() {
  const auth = useAuth();
  switch (auth.kind) {
    case "unknown":
      return null;
    case "signed-out":
      return (
        <OwnCache key="nobody">
          <SignInPage />
        </OwnCache>
      );
    case "signed-in":
    case "expired":
      return (
        <OwnCache key={auth.userId}>
          <Shell auth={auth} />
        </OwnCache>
      );
  }
}

/** What one user was told is not shown to the next: keyed by her, it goes with her. */
function OwnCache({ children }: { readonly children: ReactNode }) {
  const [client] = useState(newQueryClient);
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}
