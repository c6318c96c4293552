export default function ScrapingView() {
  return <p className="p-6">scraping</p>;
}
