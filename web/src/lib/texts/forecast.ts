import { countCredits, plural } from "../format/plural.ts";

export const forecastTexts = {
  requests: (n: number) => `about ${plural(n, "request", "requests")}`,
  seconds: (duration: string) => `about ${duration}`,
  credits: (n: string) => `up to ${countCredits(n)}`,
  free: "free",
  history: "going by finished work",
  default: "a rough guess",
} as const;
