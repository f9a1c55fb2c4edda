import { t } from '../i18n';
import { redline } from '../model/redline';

/** A text with what was taken out and put in, marked for the eye and for readers. */
export function Redline(props: { before: string; after: string }) {
  return (
    <span class="redline">
      {redline(props.before, props.after).map((piece, i) =>
        piece.kind === 'same' ? (
          piece.text
        ) : piece.kind === 'gone' ? (
          <del key={i}>
            <span class="hidden">{t('redline.gone')} </span>
            {piece.text}
          </del>
        ) : (
          <ins key={i}>
            <span class="hidden">{t('redline.new')} </span>
            {piece.text}
          </ins>
        ),
      )}
    </span>
  );
}
