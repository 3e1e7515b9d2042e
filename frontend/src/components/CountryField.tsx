import { useId, useMemo } from "react";
import { useLanguage } from "../i18n/language";
import { Icon } from "./Icon";
import styles from "./Field.module.css";

// ISO 3166-1; the names come from the browser, in the shopper's language.
const CODES =
  "AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GM GN GQ GR GT GW GY HK HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MO MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PS PT PW PY QA RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VN VU WS YE ZA ZM ZW".split(
    " ",
  );

interface Props {
  name: string;
  label: string;
  defaultValue: string;
  problem?: string | undefined;
}

/** A country chosen by its name, sent as its two-letter code. */
export function CountryField({ name, label, defaultValue, problem }: Props) {
  const id = useId();
  const { language } = useLanguage();
  const countries = useMemo(() => {
    const names = new Intl.DisplayNames(language, { type: "region" });
    const named = CODES.map((code) => ({ code, text: names.of(code) ?? code }));
    return named.sort((a, b) => a.text.localeCompare(b.text, language));
  }, [language]);
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <span className={styles.choice}>
        <select id={id} name={name} defaultValue={defaultValue} autoComplete="country" aria-invalid={problem ? true : undefined} aria-describedby={problem ? `${id}-problem` : undefined}>
          {countries.map(({ code, text }) => (
            <option key={code} value={code}>
              {text}
            </option>
          ))}
        </select>
        <Icon name="down" size={18} />
      </span>
      {problem && (
        <p id={`${id}-problem`} className={styles.problem}>
          {problem}
        </p>
      )}
    </div>
  );
}
