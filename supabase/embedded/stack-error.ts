/**
 * A fault the person at the keyboard can do something about. The command line prints `message` alone,
 * without a stack trace, and exits with 1; anything else that is thrown is a bug and prints its stack.
 */
export class StackError extends Error {
  override readonly name = "StackError";
}
