// Every sentence of the page in its languages: English, then Chinese.
const texts = {
  repositories: ["Repositories", "仓库列表"],
  state: ["State of the registry", "仓库状态"],
  user: ["Logged in as {0}", "当前用户：{0}"],
  logout: [
    "Your browser keeps this login until you close all its windows: Basic login has no logout.",
    "浏览器会保留此登录，直到您关闭所有窗口：Basic 登录没有退出功能。",
  ],
  find: ["Find", "查找"],
  loading: ["Loading…", "正在加载…"],
  count: ["{0} of {1}", "共 {1} 项，显示 {0} 项"],
  more: ["Show more", "显示更多"],
  sizes: ["Count tags and sizes", "统计标签和大小"],
  noRepositories: ["There is nothing here that you may see yet.", "暂无您可以查看的内容。"],
  noTags: ["No tags.", "没有标签。"],
  repository: ["Repository", "仓库"],
  tags: ["Tags", "标签数"],
  tag: ["Tag", "标签"],
  pushed: ["Pushed", "推送时间"],
  size: ["Size", "大小"],
  platforms: ["Platforms", "平台"],
  retention: ["Retention", "保留策略"],
  actions: ["Actions", "操作"],
  waits: ["would go by a new rule", "新规则将清理"],
  held: ["held by the brake", "已被保护机制拦下"],
  copy: ["Copy pull command", "复制拉取命令"],
  copied: ["Copied: {0}", "已复制：{0}"],
  details: ["Details", "详情"],
  remove: ["Delete", "删除"],
  removing: [
    "This removes the tag {0}. Anyone who pulls it after that gets an error. To go on, type the tag.",
    "这将删除标签 {0}，之后将无法拉取。请输入标签名以确认。",
  ],
  undoable: ["It can be restored for some days.", "数日内可以恢复。"],
  cancel: ["Cancel", "取消"],
  removed: ["Deleted: {0}", "已删除：{0}"],
  restore: ["Restore", "恢复"],
  restored: ["Restored: {0}", "已恢复：{0}"],
  deleted: ["Deleted tags", "已删除的标签"],
  until: ["until {0}", "保留至 {0}"],
  noKeeper: [
    "The keeper is off: push times, retention, what signs an image, and restoring are missing.",
    "keeper 未启用：无法显示推送时间、保留策略、签名信息，也无法恢复。",
  ],
  digest: ["Digest", "摘要"],
  command: ["Pull command", "拉取命令"],
  signedBy: ["Signed or described by", "签名或描述"],
  nothing: ["nothing", "无"],
  layers: ["Made of", "组成"],
  labels: ["Labels", "标注（labels）"],
  annotations: ["Annotations", "注解（annotations）"],
  problem: ["Problem", "问题"],
  certificate: ["Certificate", "证书"],
  certificateEnds: ["good until {0}, {1} days from now", "有效期至 {0}，还剩 {1} 天"],
  noCertificate: [
    "TLS ends at a load balancer, which has the certificate.",
    "TLS 由负载均衡器终止，证书在那里。",
  ],
  disk: ["Disk", "磁盘"],
  diskUse: ["{0} of {1} free", "可用 {0}，共 {1}"],
  trash: ["In the trash", "回收站"],
  runs: ["Last runs of the keeper", "keeper 最近运行"],
  job: ["Job", "任务"],
  ended: ["Ended", "结束时间"],
  did: ["What it did", "结果"],
  next: ["Next run", "下次运行"],
  unreachable: ["The registry does not answer. Try again.", "仓库没有响应，请重试。"],
};

const language = navigator.languages.find((name) => /^(?:en|zh)/i.test(name)) ?? "en";
const column = /^zh/i.test(language) ? 1 : 0;

export { language };

/** A sentence in the language of the browser, with values in its places; nothing where there is none. */
export function t(name, ...values) {
  return texts[name]?.[column].replace(/\{(\d)\}/g, (_, place) => values[Number(place)]);
}
