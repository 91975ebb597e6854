import { useEffect, useRef } from 'preact/hooks';
import { isHelpOpen, keys } from '../lib/keys.ts';
import { Icon } from './icon.tsx';

/** What the keys do. */
export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = isHelpOpen.value;
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog
      ref={dialog}
      class="help"
      aria-labelledby="help-title"
      onClose={() => {
        isHelpOpen.value = false;
      }}
    >
      <header>
        <h2 id="help-title">Keys</h2>
        <button
          type="button"
          class="quiet icon"
          aria-label="Close"
          onClick={() => {
            isHelpOpen.value = false;
          }}
        >
          <Icon name="close" />
        </button>
      </header>
      <dl>
        {keys.map(({ key, shown, meaning }) => (
          <div key={key}>
            <dt>
              <kbd>{shown}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p>
        Drag over a chart to zoom in; double-click to go back. The address of the page keeps what
        you see, so you can share it.
      </p>
    </dialog>
  );
}
