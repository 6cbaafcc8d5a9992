import theme from "vitepress/theme-without-fonts";
import "./lab.css";

export default theme;
