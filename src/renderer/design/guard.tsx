import { Component, type ReactNode } from 'react'

/** Says in words that a view has failed, instead of leaving the window empty. */
export class Guard extends Component<{ readonly children: ReactNode }, { problem: string | null }> {
  override state = { problem: null }

  static getDerivedStateFromError(error: unknown) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }

  override render(): ReactNode {
    const { problem } = this.state
    if (problem === null) return this.props.children
    return (
      <div className="failure" role="alert">
        <h1>This view cannot be shown</h1>
        <p>
          Something in it is not as Corescope writes it: {problem}. Nothing that was measured is
          lost.
        </p>
        <div className="button-group">
          <button type="button" className="button" onClick={() => this.setState({ problem: null })}>
            Try again
          </button>
          <a className="button" href="#/lab">
            Go to the lab
          </a>
        </div>
      </div>
    )
  }
}
