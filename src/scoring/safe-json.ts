/**
 * Equivalent JSON, escaping characters that JSON allows but a terminal would interpret: C1 controls, direction marks,
 * zero-width characters.
 */
export function safeJSON(json: string): string {
  return json.replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from({ length: character.length }, (_, i) => escaped(character.charCodeAt(i))).join(''),
  )
}

function escaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`
}
