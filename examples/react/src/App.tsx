import { useState } from 'react'
import { Trainer } from './Trainer.js'

export function App() {
  const [isShown, setIsShown] = useState(true)
  return (
    <>
      <header>
        <div>
          <h1>Where is the border?</h1>
          <p>
            A network learns to tell the blue points from the orange ones, in this page, while you look on.
          </p>
        </div>
        <button type="button" onClick={() => setIsShown(!isShown)}>
          {isShown ? 'Unmount' : 'Mount'}
        </button>
      </header>
      <main>{isShown ? <Trainer /> : <p className="away">Gone, with its training and its memory.</p>}</main>
    </>
  )
}
