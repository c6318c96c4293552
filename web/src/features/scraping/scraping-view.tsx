import { FoundList } from "./found-list.tsx";
import { RunList } from "./run-list.tsx";
import { SourceBox } from "./source-box.tsx";

export default function ScrapingView() {
  return (
    <div className="mx-auto flex max-w-260 flex-col gap-6 px-4 pt-4 pb-20 md:px-6 md:pt-6">
      <SourceBox />
      <RunList />
      <FoundList />
    </div>
  );
}
