export default function CampaignsView() {
  return <p className="p-6">campaigns</p>;
}
