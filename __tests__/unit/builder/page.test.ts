import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { builderPage } from '../../../scripts/builder/generate.ts'

const page = readFileSync('docs/workflow-builder.html', 'utf8')

it('is what `npm run docs` generates', async () => {
  expect(await builderPage()).toBe(page)
})

it('allows no request, and only the script and the style that are in it', () => {
  const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? []
  const directives = policy.split('; ')
  expect(directives.filter((one) => !/^(script|style)-src 'sha256-[\w+/]+='$/.test(one))).toEqual([
    "default-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ])
  expect(directives).toHaveLength(5)
})
