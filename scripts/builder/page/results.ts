// The texts to copy, what is wrong with the choices, and what a screen reader says about both.
import { accessManifest } from '../access.ts'
import type { Choices } from '../choices.ts'
import { commandsOf } from '../commands.ts'
import type { BuilderData } from '../data.ts'
import { type Problem, problemsOf } from '../problems.ts'
import { workflowOf } from '../workflow.ts'
import { byId, element, prose } from './element.ts'

/** After the last key, so a screen reader does not speak between two keys. */
const STATUS_DELAY_MS = 600

let timer: ReturnType<typeof setTimeout> | undefined

/** @param statusDelayMs how long the result must not change before it is announced */
export function showResults(data: BuilderData, choices: Choices, statusDelayMs = STATUS_DELAY_MS): void {
  const workflow = workflowOf(data, choices)
  byId('workflow').textContent = workflow
  byId('access').textContent = accessManifest(data, choices)
  byId('commands').textContent = commandsOf(data, choices, workflow)
  const problems = problemsOf(data, choices)
  showProblems(problems)
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  announce(problems.length === 0 ? 'The workflow is complete.' : `The workflow has ${count}.`, statusDelayMs)
}

/** Makes the copy buttons work. */
export function connectCopyButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copy]')) {
    const source = byId(button.dataset.copy ?? '')
    button.addEventListener('click', async () => {
      const isCopied = await copy(source)
      announce(
        isCopied ? `${button.dataset.title} copied.` : 'The browser does not allow copying. The text is selected.',
      )
    })
  }
}

async function copy(source: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(source.textContent ?? '')
    return true
  } catch {
    getSelection()?.selectAllChildren(source)
    return false
  }
}

function showProblems(problems: readonly Problem[]): void {
  for (const field of document.querySelectorAll('[aria-invalid]')) field.removeAttribute('aria-invalid')
  for (const text of document.querySelectorAll('.problem')) text.replaceChildren()
  const items = problems.map(({ input, text }) => {
    const field = document.getElementById(`field-${input}`)
    field?.setAttribute('aria-invalid', 'true')
    document.getElementById(`field-${input}-problem`)?.append(...prose(text))
    return element(
      'li',
      {},
      ...(field === null ? prose(text) : [element('a', { href: `#${field.id}` }, ...prose(text))]),
    )
  })
  byId('problems').replaceChildren(...items)
  byId('problems').hidden = problems.length === 0
}

function announce(text: string, delayMs = 0): void {
  clearTimeout(timer)
  timer = setTimeout(() => {
    byId('status').textContent = text
  }, delayMs)
}
