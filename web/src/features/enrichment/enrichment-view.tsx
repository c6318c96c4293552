export default function EnrichmentView() {
  return <p className="p-6">enrichment</p>;
}
