import { Component } from "react";
import type { ReactNode } from "react";
import { ErrorState } from "./States";

/** A crash on a page leaves the header, the cart and a way out. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? <ErrorState error={null} onRetry={() => location.reload()} /> : this.props.children;
  }
}
