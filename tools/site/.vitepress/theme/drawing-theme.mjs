const light = {
  page: '#ffffff',
  box: '#e2eff6',
  border: '#0b5f86',
  ink: '#15202b',
  line: '#55636f',
  note: '#fdf0dc',
  noteBorder: '#d99a3d',
  past: '#eef1f4',
};

const dark = {
  page: '#1b1b1f',
  box: '#15303f',
  border: '#63c3ee',
  ink: '#e6edf3',
  line: '#9aabb9',
  note: '#352407',
  noteBorder: '#a87a2c',
  past: '#25313c',
};

/** How Mermaid draws on a page of the site. */
export function mermaidConfig({ isDark }) {
  const { page, box, border, ink, line, note, noteBorder, past } = isDark ? dark : light;
  return {
    startOnLoad: false,
    fontFamily: 'Inter, sans-serif',
    // As wide as the text of a page: a wider chart is scaled, and its letters with it.
    gantt: { useWidth: 690, leftPadding: 170, fontSize: 12, sectionFontSize: 12 },
    theme: 'base',
    themeVariables: {
      darkMode: isDark,
      background: page,
      primaryColor: box,
      primaryBorderColor: border,
      primaryTextColor: ink,
      tertiaryColor: page,
      lineColor: line,
      edgeLabelBackground: page,
      noteBkgColor: note,
      noteBorderColor: noteBorder,
      noteTextColor: ink,
      altSectionBkgColor: page,
      taskTextColor: ink,
      taskTextDarkColor: ink,
      activeTaskBkgColor: note,
      activeTaskBorderColor: noteBorder,
      doneTaskBkgColor: past,
      doneTaskBorderColor: line,
      gridColor: line,
    },
  };
}
