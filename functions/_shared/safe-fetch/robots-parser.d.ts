/** Types of robots-parser for Deno, which reads the package's own as those of a CommonJS namespace. */
interface Robots {
  isAllowed(url: string, userAgent?: string): boolean | undefined;
  getCrawlDelay(userAgent?: string): number | undefined;
}

export default function robotsParser(url: string, contents: string): Robots;
