type Child = Node | string

/** Creates an element. Text is always text, never HTML. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | boolean>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const created = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) created.setAttribute(name, '')
    else if (value !== false) created.setAttribute(name, value)
  }
  created.append(...children)
  return created
}

/** Sentences of the table of inputs: text between backticks is code, and links are text. */
export function prose(markdown: string): Child[] {
  const text = markdown.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
  return text.split('`').map((part, index) => (index % 2 === 1 ? element('code', {}, part) : part))
}

/** @throws Error when the page has no such element */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`The page has no element ${id}`)
  return found
}
