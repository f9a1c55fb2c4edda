// A part that is loaded when it is first shown.
import type { ComponentChildren, ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { problemFrom, type Problem } from '../api/problem';
import { ProblemView, Waiting } from './basics';

type Loader<P> = () => Promise<{ default: ComponentType<P> }>;

const loaded = new Map<unknown, ComponentType<never>>();

/** `meanwhile` is shown until the part is there, else that it is waited for; `before` is called when the part takes its place. */
export function Lazy<P extends object>(props: { load: Loader<P>; with: P; meanwhile?: ComponentChildren; before?: () => void }) {
  const [, wake] = useState({});
  const [problem, setProblem] = useState<Problem | null>(null);
  const Part = loaded.get(props.load) as ComponentType<P> | undefined;

  useEffect(() => {
    let current = true;
    setProblem(null);
    if (!loaded.has(props.load))
      props.load().then(
        (module) => {
          loaded.set(props.load, module.default as ComponentType<never>);
          if (!current) return;
          props.before?.();
          wake({});
        },
        (error: unknown) => current && setProblem(problemFrom(error)),
      );
    return () => {
      current = false;
    };
  }, [props.load]);
  if (problem !== null) return <ProblemView problem={problem} retry={() => window.location.reload()} />;
  if (Part === undefined) return <>{props.meanwhile ?? <Waiting />}</>;
  return <Part {...props.with} />;
}
