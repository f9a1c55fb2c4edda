// The drawing of zones and conduits as the server lays it out.

/** Pixels from the upper left corner of the drawing. */
export interface LaidBox {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface LaidZone extends LaidBox {
  key: string;
  title: string;
  parent: string | null;
  /** Title of the band it stands in. */
  band: string;
  /** What its card says, the key first. */
  lines: string[];
}

export interface LaidConduit {
  key: string;
  title: string;
  direction: 'a_to_b' | 'b_to_a' | 'both' | null;
  untrusted: boolean;
  /** Its first two ends, null where it has none. */
  from: string | null;
  to: string | null;
  points: [number, number][];
  /** Ways from the first end to further ones. */
  branches: { to: string; points: [number, number][] }[];
  label: LaidBox & { text: string };
}

/** `GET /api/v1/drawing`. */
export interface LaidOut {
  width: number;
  height: number;
  bands: (LaidBox & { title: string })[];
  zones: LaidZone[];
  conduits: LaidConduit[];
}
