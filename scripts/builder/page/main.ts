import type { BuilderData } from '../data.ts'
import { byId } from './element.ts'
import { Form } from './form.ts'
import { connectCopyButtons, showResults } from './results.ts'
import { State } from './state.ts'

const data = JSON.parse(byId('data').textContent ?? '') as BuilderData
const state = new State(data)
const show = () => showResults(data, state.choices)

new Form(data, state, show).render()
connectCopyButtons()
showResults(data, state.choices, 0)

// Enter in a field must not send the form.
document.querySelector('form')?.addEventListener('submit', (event) => event.preventDefault())

// The fields that a problem links to may be folded.
byId('problems').addEventListener('click', ({ target }) => {
  const link = target instanceof Element ? target.closest('a') : null
  const field = document.getElementById(link?.hash.slice(1) ?? '')
  const details = field?.closest('details')
  if (details) details.open = true
  field?.focus()
})
