// A button that opens the browser's dialogue for files, in the page's own words.

import { useState } from 'preact/hooks';
import { list, t } from '../language';

export function FileButton(props: {
  id: string;
  title: string;
  choose: (files: File[]) => void;
  several?: boolean;
  busy?: boolean;
  described?: string;
  keep?: boolean; ///< shows which were chosen
}) {
  const [names, setNames] = useState<string[]>([]);
  return (
    <span class="file">
      <input id={props.id} type="file" multiple={props.several ?? false} disabled={props.busy ?? false}
        aria-describedby={props.described}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          setNames(files.map((file) => file.name));
          props.choose(files);
          // The same file can be chosen again.
          if (!props.keep) event.currentTarget.value = '';
        }} />
      <label class="button" for={props.id}>
        {props.title}
      </label>
      {props.keep && <span class="quiet">{names.length > 0 ? list(names) : t('noFile')}</span>}
    </span>
  );
}
