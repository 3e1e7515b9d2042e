const paths = {
  search: "M10.500 3a7.500 7.500 0 1 1 0 15 7.500 7.500 0 0 1 0-15ZM16 16l5 5",
  close: "M6 6l12 12M18 6L6 18",
  back: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  fill: "M17 17L7 7M7 15V7h8",
  clock: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM12 7v5l3 2",
  microphone: "M12 3.500a2.800 2.800 0 0 1 2.800 2.800v5a2.800 2.800 0 0 1-5.600 0v-5A2.800 2.800 0 0 1 12 3.500ZM5.500 11a6.500 6.500 0 0 0 13 0M12 17.500v3",
  cart: "M4 8h16l-1.300 11a2 2 0 0 1-2 1.800H7.300a2 2 0 0 1-2-1.800ZM8.500 10V7a3.500 3.500 0 0 1 7 0v3",
  home: "M4 11l8-7 8 7v8a1.500 1.500 0 0 1-1.500 1.500H14v-6h-4v6H5.500A1.500 1.500 0 0 1 4 19Z",
  browse: "M5 4h5v6H5ZM14 4h5v6h-5ZM5 14h5v6H5ZM14 14h5v6h-5Z",
  person: "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM4.500 20.500c.8-3.700 3.800-5.500 7.500-5.500s6.700 1.800 7.500 5.500",
  filter: "M4 7h16M7 12h10M10 17h4",
  list: "M4 6h4v4H4ZM11 8h9M4 14h4v4H4ZM11 16h9",
  card: "M5 4h14v10H5ZM5 17h14M5 20h9",
  grid: "M4 4h7v7H4ZM13 4h7v7h-7ZM4 13h7v7H4ZM13 13h7v7h-7Z",
  compare: "M4 5h6v14H4ZM14 5h6v14h-6Z",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  check: "M5 12.500l4.500 4.500L19 7.500",
  share: "M12 15V4M8 7.500L12 3.500l4 4M5 12v7a1.500 1.500 0 0 0 1.500 1.500h11A1.500 1.500 0 0 0 19 19v-7",
  trash: "M5 7h14M10 7V4.500h4V7M7 7l.8 12a1.500 1.500 0 0 0 1.500 1.400h5.400a1.500 1.500 0 0 0 1.500-1.400L17 7",
  sort: "M8 5v14M8 19l-3.500-3.500M8 19l3.500-3.500M16 19V5M16 5l-3.500 3.500M16 5l3.500 3.500",
  down: "M6 9.500l6 6 6-6",
  truck: "M3 6.500h11v10H3ZM14 10h4l3 3.500v3h-7M7.500 15a2 2 0 1 1 0 4 2 2 0 0 1 0-4ZM17 15a2 2 0 1 1 0 4 2 2 0 0 1 0-4Z",
  box: "M12 3l8 4.500v9L12 21l-8-4.500v-9ZM4 7.500l8 4.500 8-4.500M12 12v9M8 5.300l8 4.500",
  alert: "M12 4l9 15.500H3ZM12 10v4.500M12 17v.1",
  offline: "M4 4l16 16M8.500 8.200A6 6 0 0 0 6.500 19H17M10.500 6.700A6 6 0 0 1 18 12a3.600 3.600 0 0 1 2.300 5.800",
  compass: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM15.500 8.500l-2 5-5 2 2-5Z",
  chinese: "M5 8h14v7.500H5ZM12 3.500v17", // 中: as a letter it takes a phone 100 ms to find a font for
  globe: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18",
};

export type IconName = keyof typeof paths;

export function Icon({ name, size = 22 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
