import { asText } from '../core/json.ts'
import { printable } from '../runner/log.ts'
import { redactEach } from '../runner/mask.ts'

/** `reason: message`, without the parts that are missing; undefined when all are. */
export function joinReasons(...parts: readonly unknown[]): string | undefined {
  const texts = redactEach(parts.map((part) => asText(part) ?? '')).flatMap((text) => text.trim() || [])
  return texts.length === 0 ? undefined : printable(texts.join(': '))
}
