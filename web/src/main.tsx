import './styles/tokens.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/parts.css';
import './styles/grid.css';
import '@xyflow/react/dist/base.css';
import './styles/risk.css';
import './styles/drawing.css';
import './styles/print.css';
import { render } from 'preact';
import { App } from './app';
import { startRouter } from './router';
import { keepSettings } from './state/settings';

keepSettings();
startRouter();
const root = document.getElementById('app');
if (root !== null) render(<App />, root);
