import type { Found } from "./found.ts";
import type { Page } from "./page.ts";

/** What gives a technology away in the addresses of scripts, styles, images and frames. */
const BY_RESOURCE: [string, RegExp][] = [
  ["WordPress", /\/wp-(?:content|includes)\//],
  ["WooCommerce", /plugins\/woocommerce/],
  ["Elementor", /plugins\/elementor/],
  ["Yoast SEO", /plugins\/wordpress-seo/],
  ["Shopify", /cdn\.shopify\.com/],
  ["Wix", /static\.(?:wixstatic|parastorage)\.com/],
  ["Squarespace", /static1?\.squarespace\.com/],
  ["Webflow", /(?:website-files|webflow)\.com/],
  ["TYPO3", /\/typo3(?:temp|conf)\//],
  ["Joomla", /\/media\/(?:jui|system\/js)\//],
  ["Drupal", /\/sites\/default\/files|\/core\/misc\/drupal/],
  ["Jimdo", /jimdo(?:static)?\.com/],
  ["Next.js", /\/_next\/static\//],
  ["Nuxt", /\/_nuxt\//],
  ["Gatsby", /\/page-data\/|gatsby/],
  ["Bootstrap", /bootstrap(?:\.bundle)?(?:\.min)?\.(?:js|css)/],
  ["jQuery", /jquery[.-][\w.-]*js/],
  ["Google Tag Manager", /googletagmanager\.com\/(?:gtm|ns)/],
  ["Google Analytics", /google-analytics\.com|googletagmanager\.com\/gtag/],
  ["Google Maps", /maps\.google(?:apis)?\.|google\.com\/maps\/embed/],
  ["Google reCAPTCHA", /\/recaptcha\//],
  ["Meta Pixel", /connect\.facebook\.net|facebook\.com\/tr/],
  ["LinkedIn Insight", /snap\.licdn\.com|px\.ads\.linkedin/],
  ["Hotjar", /hotjar\.com/],
  ["Matomo", /matomo|piwik/],
  ["HubSpot", /hs-scripts\.com|hsforms\.net|hubspot/],
  ["Mailchimp", /list-manage\.com|chimpstatic/],
  ["Cookiebot", /cookiebot\.com/],
  ["Usercentrics", /usercentrics\.eu/],
  ["Cloudflare", /cdn-cgi\/|cloudflareinsights/],
  ["YouTube", /youtube(?:-nocookie)?\.com\/embed/],
  ["Calendly", /calendly\.com/],
  ["Intercom", /intercom\.io|intercomcdn/],
  ["Zendesk", /zdassets\.com|zendesk/],
  ["Font Awesome", /font-?awesome/],
  ["Google Fonts", /fonts\.googleapis\.com/],
  ["Personio", /personio\.(?:de|com)/],
  ["Recruitee", /recruitee\.com/],
  ["Greenhouse", /greenhouse\.io/],
];

/** Names the technologies that the page shows. */
export function extractTechnologies(page: Page): Found<{ value: string }>[] {
  const found = new Map<string, Found<{ value: string }>>();
  // "WordPress 6.5.5", "Elementor 3.22.3; features: …", "Site Kit by Google 1.9.0".
  const generator = page.meta
    .get("generator")
    ?.replace(/^powered by /i, "")
    .split(/ v?\d| by |[;,(]/)[0]
    ?.trim();
  if (generator) found.set(generator, { value: generator, confidence: 0.98, method: "meta" });
  const inline = page.scripts
    .filter((script) =>
      /googletagmanager|google-analytics|connect\.facebook\.net|hotjar|_paq/.test(script),
    )
    .join("\n");
  for (const [value, pattern] of BY_RESOURCE) {
    if (found.has(value)) continue;
    if (page.resources.some((resource) => pattern.test(resource)) || pattern.test(inline)) {
      found.set(value, { value, confidence: 0.9, method: "link" });
    }
  }
  return [...found.values()];
}
