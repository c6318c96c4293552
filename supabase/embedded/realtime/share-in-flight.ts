/**
 * Lets everybody who asks the same question while it is being answered share the answer. Nothing is kept
 * once it is there, so an answer is never older than the question.
 */
export function shareInFlight<T>(): (key: string, ask: () => Promise<T>) => Promise<T> {
  const pending = new Map<string, Promise<T>>();
  return (key, ask) => {
    const same = pending.get(key);
    if (same) return same;
    const answer = ask().finally(() => pending.delete(key));
    pending.set(key, answer);
    return answer;
  };
}
