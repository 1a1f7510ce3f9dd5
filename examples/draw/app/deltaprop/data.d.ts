export * from 'deltaprop/data'
