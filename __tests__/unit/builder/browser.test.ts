// docs/workflow-builder.html in a browser, by keyboard only.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { load } from 'js-yaml'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type OpenPage, openPage, type Window } from '../../support/browser/open-page.ts'
import { type Browser, startBrowser } from '../../support/browser/protocol.ts'
import { describeBrowser } from '../../support/describe-real.ts'
import { data } from './sample-choices.ts'

const ADDRESS = pathToFileURL(resolve('docs/workflow-builder.html')).href
const DESKTOP: Window = { width: 1280, height: 900, theme: 'light' }
const WIDTHS = [360, 768, 1280]

describeBrowser('the workflow builder', (chromium) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startBrowser(chromium)
  })
  afterAll(() => browser?.[Symbol.asyncDispose]())

  it('makes a workflow by keyboard', async () => {
    const page = await openPage(browser, ADDRESS, DESKTOP)

    await tabTo(page, `registry-${data.registries[0]?.id}`)
    for (const { id } of data.registries.slice(1, data.registries.findIndex(({ id }) => id === 'ghcr') + 1)) {
      await page.press('ArrowDown')
      expect(await active(page)).toBe(`registry-${id}`)
    }
    await tabTo(page, 'field-verify-image')
    await page.type('acme/web:2')
    await tabTo(page, 'field-secret-name')
    await page.type('my-registry')
    await page.press('Enter')
    await tabTo(page, 'field-namespaces')
    await page.type('billing')
    await tabTo(page, 'deployment-nothing')
    await page.press('ArrowDown')
    await page.press('ArrowDown')
    await tabTo(page, 'kind-Job')
    await page.press('Space')
    await tabTo(page, 'field-cron')
    await page.type('')

    const workflow = load(await textOf(page, 'workflow')) as Workflow
    expect(workflow.on).toEqual({ workflow_dispatch: null })
    expect(workflow.jobs['pull-secret']?.steps.at(-1)?.with).toEqual({
      provider: 'docker-config',
      'docker-server': 'ghcr.io',
      'verify-image': 'acme/web:2',
      'secret-name': 'my-registry',
      namespaces: 'billing',
      kubeconfig: `\${{ secrets.KUBECONFIG }}`,
      'manifest-files': 'deploy/',
    })
    const access = await textOf(page, 'access')
    expect(access).toContain('namespace: billing')
    expect(access).toContain('resourceNames: [my-registry]')
    expect(access).toContain('resources: [jobs]')
    expect(await textOf(page, 'commands')).toContain('namespace=billing')
    await vi.waitFor(async () => expect(await textOf(page, 'status')).toBe('The workflow is complete.'))

    await tabTo(page, 'copy-workflow')
    await page.press('Enter')
    await vi.waitFor(async () => expect(await textOf(page, 'status')).toBe('Workflow copied.'))
    expect({ messages: page.messages, requests: page.requests }).toEqual({ messages: [], requests: [] })
  })

  it('keeps what was typed for a registry, and for the cluster', async () => {
    const page = await openPage(browser, ADDRESS, DESKTOP)
    await tabTo(page, 'registry-rotate')
    await tabTo(page, 'field-organization')
    await page.type('Acme')
    await tabTo(page, 'field-namespaces')
    await page.type('billing')
    await page.evaluate(`document.getElementById('registry-harbor').click()`)
    expect(await textOf(page, 'workflow')).toContain('namespaces: billing')
    expect(await textOf(page, 'workflow')).not.toContain('Acme')
    await page.evaluate(`document.getElementById('registry-rotate').click()`)
    expect(await textOf(page, 'workflow')).toContain('organization: Acme')
  })

  it('says what is wrong, at the field and in a list that leads to it', async () => {
    const page = await openPage(browser, ADDRESS, DESKTOP)
    await tabTo(page, 'field-api-key')
    await page.type('hunter2-builder!secret')
    await vi.waitFor(async () => expect(await textOf(page, 'status')).toBe('The workflow has 1 problem.'))
    expect(await page.evaluate(`document.querySelector('#results').textContent`)).not.toContain('hunter2')
    expect(await textOf(page, 'field-api-key-problem')).toContain('never the secret itself')
    expect(await page.evaluate(`document.getElementById('field-api-key').ariaInvalid`)).toBe('true')

    await page.evaluate(`document.querySelector('#problems a').focus()`)
    await page.press('Enter')

    expect(await active(page)).toBe('field-api-key')
    await page.type('API_KEY')
    expect(await textOf(page, 'workflow')).toContain(`api-key: \${{ secrets.API_KEY }}`)
    expect(await page.evaluate(`document.querySelectorAll('[aria-invalid]').length`)).toBe(0)
  })

  it('has a name for everything that can have the focus, and shows where the focus is', async () => {
    const page = await openPage(browser, ADDRESS, DESKTOP)
    await openEverything(page)
    const focusable = await page.focusable()
    expect(focusable.length).toBeGreaterThan(50)
    expect(focusable.filter(({ name }) => name.trim() === '')).toEqual([])
    expect(await page.evaluate(`document.querySelectorAll('fieldset:not(:has(> legend))').length`)).toBe(0)
    for (let index = 0; index < 60; index++) {
      await page.press('Tab')
      const outline = await page.evaluate<number>(`parseFloat(getComputedStyle(document.activeElement).outlineWidth)`)
      expect({ at: await active(page), outline }).toMatchObject({ outline: 3 })
    }
  })

  it.each(data.registries.map(({ id }) => id))('fits in a window of each width: %s', async (id) => {
    const page = await openPage(browser, ADDRESS, DESKTOP)
    await page.evaluate(`document.getElementById('registry-${id}').click()`)
    await openEverything(page)
    for (const width of WIDTHS) {
      await page.resize({ ...DESKTOP, width })
      const wide = await page.evaluate<string[]>(`[...document.querySelectorAll('body, body *')]
        .filter((one) => one.getBoundingClientRect().right > ${width} && !one.closest('pre'))
        .map((one) => one.tagName + ' ' + one.id)`)
      const scrollWidth = await page.evaluate<number>('document.documentElement.scrollWidth')
      expect({ width, wide, scrollWidth }).toEqual({ width, wide: [], scrollWidth: width })
    }
    expect(page.messages).toEqual([])
  })

  it.each(['light', 'dark'] as const)('has enough contrast: %s', async (theme) => {
    const page = await openPage(browser, ADDRESS, { ...DESKTOP, theme })
    await openEverything(page)
    await page.evaluate(`(() => {
      const field = document.getElementById('field-secret-name')
      field.value = 'A b'
      field.dispatchEvent(new Event('input', { bubbles: true }))
    })()`)
    const [texts, poor] = await page.evaluate<[number, string[]]>(CONTRAST)
    expect(texts).toBeGreaterThan(100)
    expect(poor).toEqual([])
    const background = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
    expect(background).toBe(theme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(13, 17, 23)')
  })
})

interface Workflow {
  readonly on: object
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly with?: object }[] }>>
}

function active(page: OpenPage): Promise<string> {
  return page.evaluate('document.activeElement.id')
}

function textOf(page: OpenPage, id: string): Promise<string> {
  return page.evaluate(`document.getElementById('${id}').textContent`)
}

/** Presses Tab until an element has the focus. */
async function tabTo(page: OpenPage, id: string): Promise<void> {
  const visited: string[] = []
  while ((await active(page)) !== id) {
    visited.push(await active(page))
    if (visited.length > 80) throw new Error(`Tab does not lead to ${id}, but to ${visited.join(', ')}`)
    await page.press('Tab')
  }
}

/** Everything that a person can see at the same time. */
async function openEverything(page: OpenPage): Promise<void> {
  await page.evaluate(`(() => {
    document.querySelector('details').open = true
    document.getElementById('access-oidc').click()
    document.getElementById('deployment-manifests').click()
  })()`)
}

/** The texts whose contrast is less than WCAG's AA: https://www.w3.org/TR/WCAG22/#contrast-minimum */
const CONTRAST = `(() => {
  const numbers = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number)
  const luminance = (color) => {
    const [r, g, b] = numbers(color).map((one) => one / 255).map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const backgroundOf = (element) => {
    const color = getComputedStyle(element).backgroundColor
    return numbers(color)[3] === 0 ? backgroundOf(element.parentElement) : color
  }
  const isText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '')
  const shown = [...document.querySelectorAll('body *')].filter((element) => element.checkVisibility())
  const texts = shown.filter((element) => isText(element) || element.matches('input[type=text], textarea, select'))
  const poor = texts.filter((element) => {
    const values = [getComputedStyle(element).color, backgroundOf(element)].map(luminance).sort((a, b) => b - a)
    return (values[0] + 0.05) / (values[1] + 0.05) < 4.5
  })
  return [texts.length, poor.map((element) => element.tagName + ' ' + element.textContent.slice(0, 40))]
})()`
