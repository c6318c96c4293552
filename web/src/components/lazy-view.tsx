import { type ComponentType, type ReactNode, useEffect, useState } from "react";

interface Chunk<P> {
  /** What has been loaded. */
  view: ComponentType<P> | null;
  readonly load: () => Promise<ComponentType<P>>;
  readonly waiting: ReactNode;
}

/**
 * A view in a chunk of its own; `waiting` stands in until it has been loaded. What could not be
 * loaded fails the region around it, and is asked for again when that is tried again.
 *
 * Not `lazy` with `Suspense`: React keeps a fallback that it has shown for 300 ms at least, and
 * a page and the stage within it would wait for that one after the other.
 */
export function lazyView<P extends object>(
  load: () => Promise<{ readonly default: ComponentType<P> }>,
  waiting: ReactNode = null,
) {
  const chunk: Chunk<P> = {
    view: null,
    load: async () => {
      chunk.view ??= (await load()).default;
      return chunk.view;
    },
    waiting,
  };
  return Object.assign((props: P) => <FromChunk chunk={chunk} props={props} />, {
    /** Loads it ahead of its first showing. Failing is left to that. */
    preload: () => void chunk.load().catch(() => {}),
  });
}

function FromChunk<P extends object>(of: { readonly chunk: Chunk<P>; readonly props: P }) {
  const { chunk } = of;
  const [View, setView] = useState(() => chunk.view);
  useEffect(() => {
    chunk.load().then(
      (view) => setView(() => view),
      (failure: unknown) =>
        setView(() => {
          throw failure;
        }),
    );
  }, [chunk]);
  return View === null ? chunk.waiting : <View {...of.props} />;
}
