export default function ResultsView() {
  return <p className="p-6">results</p>;
}
