import { useT } from "../i18n/language";
import buttons from "./Button.module.css";
import { Icon } from "./Icon";
import styles from "./Stepper.module.css";

interface Props {
  title: string;
  quantity: number;
  most: number;
  onChange: (quantity: number) => void;
}

export function Stepper({ title, quantity, most, onChange }: Props) {
  const t = useT();
  return (
    <div className={styles.stepper} role="group" aria-label={t("cart.quantity", { title })}>
      <button type="button" className={buttons.icon} disabled={quantity <= 1} onClick={() => onChange(quantity - 1)} aria-label={t("cart.less")}>
        <Icon name="minus" size={18} />
      </button>
      <output>{quantity}</output>
      <button type="button" className={buttons.icon} disabled={quantity >= most} onClick={() => onChange(quantity + 1)} aria-label={t("cart.more")}>
        <Icon name="plus" size={18} />
      </button>
    </div>
  );
}
