import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// React's development build is larger than the limit of Vite's warning.
export default defineConfig({ plugins: [react()], build: { chunkSizeWarningLimit: 2000 } })
