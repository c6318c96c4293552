import { fold } from "./plain-text.ts";

/** ISO 3166-1: alpha-3 and alpha-2 of every country, as "AFGAF". */
const alpha3 =
  "ABWAW AFGAF AGOAO AIAAI ALAAX ALBAL ANDAD AREAE ARGAR ARMAM ASMAS ATAAQ ATFTF ATGAG AUSAU AUTAT AZEAZ BDIBI BELBE BENBJ BESBQ BFABF BGDBD BGRBG BHRBH BHSBS BIHBA BLMBL BLRBY BLZBZ BMUBM BOLBO BRABR BRBBB BRNBN BTNBT BVTBV BWABW CAFCF CANCA CCKCC CHECH CHLCL CHNCN CIVCI CMRCM CODCD COGCG COKCK COLCO COMKM CPVCV CRICR CUBCU CUWCW CXRCX CYMKY CYPCY CZECZ DEUDE DJIDJ DMADM DNKDK DOMDO DZADZ ECUEC EGYEG ERIER ESHEH ESPES ESTEE ETHET FINFI FJIFJ FLKFK FRAFR FROFO FSMFM GABGA GBRGB GEOGE GGYGG GHAGH GIBGI GINGN GLPGP GMBGM GNBGW GNQGQ GRCGR GRDGD GRLGL GTMGT GUFGF GUMGU GUYGY HKGHK HMDHM HNDHN HRVHR HTIHT HUNHU IDNID IMNIM INDIN IOTIO IRLIE IRNIR IRQIQ ISLIS ISRIL ITAIT JAMJM JEYJE JORJO JPNJP KAZKZ KENKE KGZKG KHMKH KIRKI KNAKN KORKR KWTKW LAOLA LBNLB LBRLR LBYLY LCALC LIELI LKALK LSOLS LTULT LUXLU LVALV MACMO MAFMF MARMA MCOMC MDAMD MDGMG MDVMV MEXMX MHLMH MKDMK MLIML MLTMT MMRMM MNEME MNGMN MNPMP MOZMZ MRTMR MSRMS MTQMQ MUSMU MWIMW MYSMY MYTYT NAMNA NCLNC NERNE NFKNF NGANG NICNI NIUNU NLDNL NORNO NPLNP NRUNR NZLNZ OMNOM PAKPK PANPA PCNPN PERPE PHLPH PLWPW PNGPG POLPL PRIPR PRKKP PRTPT PRYPY PSEPS PYFPF QATQA REURE ROURO RUSRU RWARW SAUSA SDNSD SENSN SGPSG SGSGS SHNSH SJMSJ SLBSB SLESL SLVSV SMRSM SOMSO SPMPM SRBRS SSDSS STPST SURSR SVKSK SVNSI SWESE SWZSZ SXMSX SYCSC SYRSY TCATC TCDTD TGOTG THATH TJKTJ TKLTK TKMTM TLSTL TONTO TTOTT TUNTN TURTR TUVTV TWNTW TZATZ UGAUG UKRUA UMIUM URYUY USAUS UZBUZ VATVA VCTVC VENVE VGBVG VIRVI VNMVN VUTVU WLFWF WSMWS YEMYE ZAFZA ZMBZM ZWEZW";

/** Names people write that are no CLDR display name in the languages below. */
const otherNames: Record<string, string> = {
  usa: "US",
  "u s a": "US",
  "u s": "US",
  us: "US",
  "united states of america": "US",
  america: "US",
  uk: "GB",
  "u k": "GB",
  "great britain": "GB",
  britain: "GB",
  england: "GB",
  scotland: "GB",
  wales: "GB",
  "northern ireland": "GB",
  uae: "AE",
  "grande bretagne": "GB",
  grossbritannien: "GB",
  "gran bretana": "GB",
  angleterre: "GB",
  holland: "NL",
  "the netherlands": "NL",
  "czech republic": "CZ",
  czechia: "CZ",
  korea: "KR",
  "republic of korea": "KR",
  "republic of ireland": "IE",
  turkey: "TR",
  macedonia: "MK",
  brasil: "BR",
  "viet nam": "VN",
  deutschland: "DE",
  schweiz: "CH",
  osterreich: "AT",
};

/** Languages whose country names are understood; CLDR, which the runtime carries, knows them all. */
const languages = ["en", "de", "fr", "nl", "es", "it", "pt", "pl", "cs", "sv", "da", "nb", "fi"];

let names: Map<string, string> | null = null;
const codes = new Set(alpha3.split(" ").map((entry) => entry.slice(3)));
const byAlpha3 = new Map(alpha3.split(" ").map((entry) => [entry.slice(0, 3), entry.slice(3)]));

function countryNames(): Map<string, string> {
  if (names !== null) return names;
  names = new Map<string, string>();
  for (const language of languages) {
    const display = new Intl.DisplayNames(language, { type: "region" });
    for (const code of codes) {
      const name = fold(display.of(code) ?? "");
      if (name !== "" && !names.has(name)) names.set(name, code);
    }
  }
  for (const [name, code] of Object.entries(otherNames)) names.set(name, code);
  return names;
}

/**
 * ISO 3166-1 alpha-2 of a country written as a name (in many languages), alpha-2 or alpha-3.
 * `codesToo` is false for running text, where "IN" or "ME" is rather a state or a word.
 */
export function countryCode(value: unknown, codesToo = true): string | null {
  if (typeof value !== "string") return null;
  const text = value.trim().replace(/^https?:\/\/\S*\//, "");
  if (codesToo) {
    const upper = text.toUpperCase();
    if (upper === "UK") return "GB";
    if (codes.has(upper)) return upper;
    const short = byAlpha3.get(upper);
    if (short !== undefined) return short;
  }
  return text.length < 3 && !/^(us|uk)$/i.test(text)
    ? null
    : (countryNames().get(fold(text)) ?? null);
}
