// A page in a Chromium: keys, what it shows, what it logs and what it requests.
import { writeFile } from 'node:fs/promises'
import type { Browser } from './protocol.ts'

export interface Window {
  /** In CSS pixels. */
  readonly width: number
  readonly height: number
  readonly theme: 'light' | 'dark'
}

export interface OpenPage {
  /** Messages and errors of the console, violations of the policy, and exceptions. */
  readonly messages: readonly string[]
  /** The addresses that were requested, without the page itself. */
  readonly requests: readonly string[]
  /** @returns what an expression is in the page; it must be JSON */
  evaluate<Value>(expression: string): Promise<Value>
  /** Presses a key: `Tab`, `ArrowDown`, `Enter`, `Space`, or `Shift+Tab`. */
  press(key: Key): Promise<void>
  /** Types text into the element that has the focus, in place of what it contains. */
  type(text: string): Promise<void>
  resize(window: Window): Promise<void>
  /** What can have the focus, as a screen reader calls it. */
  focusable(): Promise<readonly Focusable[]>
  /** Saves a picture of the page. @param height of the picture; absent: the whole page */
  screenshot(path: string, height?: number): Promise<void>
}

export interface Focusable {
  readonly role: string
  readonly name: string
}

type Key = keyof typeof KEYS

/** https://chromedevtools.github.io/devtools-protocol/tot/Input/#method-dispatchKeyEvent */
const KEYS = {
  Tab: { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 },
  'Shift+Tab': { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9, modifiers: 8 },
  ArrowDown: { key: 'ArrowDown', code: 'ArrowDown', windowsVirtualKeyCode: 40 },
  Enter: { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13, text: '\r' },
  Space: { key: ' ', code: 'Space', windowsVirtualKeyCode: 32, text: ' ' },
} as const

/** https://chromedevtools.github.io/devtools-protocol/tot/Accessibility/#type-AXNode */
interface AccessibilityNode {
  readonly role?: { readonly value: string }
  readonly name?: { readonly value: string }
  readonly properties?: readonly { readonly name: string; readonly value: { readonly value: unknown } }[]
}

export async function openPage(browser: Browser, address: string, window: Window): Promise<OpenPage> {
  const { targetId } = await browser.send('Target.createTarget', { url: 'about:blank' })
  const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: true })
  const send = (method: string, params?: object) => browser.send(method, params, sessionId)
  const messages: string[] = []
  const requests: string[] = []
  const loaded = Promise.withResolvers<void>()
  browser.onEvent(sessionId, (method, params) => {
    if (method === 'Runtime.consoleAPICalled')
      messages.push(params.args.map(({ value }: { value: unknown }) => value).join(' '))
    if (method === 'Runtime.exceptionThrown')
      messages.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text)
    if (method === 'Log.entryAdded') messages.push(params.entry.text)
    if (method === 'Network.requestWillBeSent' && params.request.url !== address) requests.push(params.request.url)
    if (method === 'Page.loadEventFired') loaded.resolve()
  })
  const resize = async ({ width, height, theme }: Window) => {
    await send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false })
    await send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: theme }] })
  }
  for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await send(`${domain}.enable`)
  // Without it a page in the background has no focus, and may not write to the clipboard.
  await send('Emulation.setFocusEmulationEnabled', { enabled: true })
  await resize(window)
  await send('Page.navigate', { url: address })
  await loaded.promise

  return {
    messages,
    requests,
    resize,
    async evaluate(expression) {
      const { result, exceptionDetails } = await send('Runtime.evaluate', {
        expression,
        returnByValue: true,
        awaitPromise: true,
      })
      if (exceptionDetails !== undefined) throw new Error(exceptionDetails.exception?.description)
      return result.value
    },
    async press(key) {
      await send('Input.dispatchKeyEvent', { type: 'keyDown', ...KEYS[key] })
      await send('Input.dispatchKeyEvent', { type: 'keyUp', ...KEYS[key] })
    },
    async type(text) {
      await send('Input.dispatchKeyEvent', { type: 'keyDown', key: 'a', modifiers: 2, commands: ['selectAll'] })
      await send('Input.insertText', { text })
    },
    async focusable() {
      const { nodes } = await send('Accessibility.getFullAXTree')
      const isFocusable = ({ properties = [] }: AccessibilityNode) =>
        properties.some(({ name, value }) => name === 'focusable' && value.value === true)
      return (nodes as AccessibilityNode[])
        .filter((node) => node.role?.value !== 'RootWebArea' && isFocusable(node))
        .map(({ role, name }) => ({ role: role?.value ?? '', name: name?.value ?? '' }))
    },
    async screenshot(path, height) {
      const { cssContentSize } = await send('Page.getLayoutMetrics')
      const clip = { x: 0, y: 0, width: cssContentSize.width, height: height ?? cssContentSize.height, scale: 1 }
      const { data } = await send('Page.captureScreenshot', { clip, captureBeyondViewport: true })
      await writeFile(path, Buffer.from(data, 'base64'))
    },
  }
}
