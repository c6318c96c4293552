import { Component, type ReactNode } from "react";
import { common } from "../lib/texts/common.ts";
import { Button } from "./button.tsx";

interface Props {
  readonly children: ReactNode;
  /** Where the region lies on the page; a new value gives a failed region another chance. */
  readonly at?: string;
}

/** An error boundary a region: what breaks in here leaves the rest of the page alone. */
export class Region extends Component<Props, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override componentDidUpdate(before: Props) {
    if (this.state.failed && before.at !== this.props.at) this.setState({ failed: false });
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <div role="alert" className="m-4 rounded-lg border border-line bg-bad-soft p-4 text-sm">
        <p className="font-medium">{common.boundary.title}</p>
        <p className="mb-3 text-ink-soft">{common.boundary.hint}</p>
        <Button dense="sm" onClick={() => this.setState({ failed: false })}>
          {common.retry}
        </Button>
      </div>
    );
  }
}
