/* Storage that may be switched off: then nothing is remembered, and nothing breaks. */
export function remember(storage, key, value) {
  try {
    if (value === null) storage().removeItem(key);
    else storage().setItem(key, value);
  } catch {
    /* not remembered */
  }
}

export function recall(storage, key) {
  try {
    return storage().getItem(key);
  } catch {
    return null;
  }
}

export const local = () => window.localStorage;
export const session = () => window.sessionStorage;
