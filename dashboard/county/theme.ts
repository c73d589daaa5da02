import type { ThemeConfig } from 'antd'

/** The component library in our colours; the same values stand in parts/base.css. */
export const THEME: ThemeConfig = {
  token: {
    colorPrimary: '#0b6b70',
    colorInfo: '#0b6b70',
    colorLink: '#0b6b70',
    colorSuccess: '#1f7a46',
    colorWarning: '#9a5b00',
    colorError: '#b3261e',
    colorText: '#12262b',
    colorTextSecondary: '#4a5f65',
    colorBorder: '#cfd9db',
    colorBgLayout: '#f3f6f6',
    borderRadius: 8,
    fontSize: 14,
    controlHeight: 36,
    fontFamily: 'inherit',
    wireframe: false,
  },
}
