// The server puts the package's dist here: the page imports it as files, without a bundler or an import map.
export * from 'deltaprop'
