import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.js'
import './style.css'

const root = document.getElementById('root')
if (root === null) throw new Error('#root: expected an element, got none')
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
