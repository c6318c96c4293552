import { SignInPage } from "../features/sign-in/sign-in-page.tsx";
import { useAuth } from "../lib/auth/use-auth.ts";
import { Shell } from "./shell.tsx";

export function App() {
  const auth = useAuth();
  switch (auth.kind) {
    case "unknown":
      return null;
    case "signed-out":
      return <SignInPage />;
    case "signed-in":
    case "expired":
      return <Shell key={auth.userId} auth={auth} />;
  }
}
