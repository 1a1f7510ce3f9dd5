// @ts-check

/**
 * Offers content as a file to the person at the page.
 *
 * @param {string} name
 * @param {BlobPart} content
 * @param {string} type of media
 */
export function download(name, content, type) {
  const url = URL.createObjectURL(new Blob([content], { type }))
  Object.assign(document.createElement('a'), { href: url, download: name }).click()
  // The download has its content by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
