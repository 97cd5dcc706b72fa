/**
 * The rules that keep a collection from losing anything, as far as they are decisions of this code. They always hold; a
 * test switches one off to show what it is for.
 */
export interface Rules {
  /** What goes has been unreferenced, and unwritten, for the grace. */
  readonly grace: boolean;
  /** What was moved is looked at after the move. */
  readonly identity: boolean;
  /** All is marked again after each move and after settling. */
  readonly again: boolean;
  /** Nothing is purged before it lay in the trash for a time and for a whole mark begun after that. */
  readonly wait: boolean;
}

export const allRules: Rules = { grace: true, identity: true, again: true, wait: true };
