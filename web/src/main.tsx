import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { preloadPage } from "./app/shell.tsx";
import "./styles/app.css";

const root = document.getElementById("root");
if (!root) throw new Error("The page has no #root");

// Meanwhile it turns out who is signed in.
preloadPage(location.pathname);

createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
