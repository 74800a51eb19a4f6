/** Alerts on this device. */
export const devices = {
  "devices.title": "Alertes sur cet appareil",
  "devices.what": "L'alerte dit pourquoi on vous appelle, l'urgence et le site. Jamais rien du patient, même sur un écran verrouillé. Elle cesse à la déconnexion.",
  "devices.state.on": "Cet appareil vous alerte, même fenêtre fermée.",
  "devices.state.off": "Cet appareil ne vous alerte pas quand la fenêtre est fermée.",
  "devices.state.denied": "Le navigateur bloque les notifications de ce site.",
  "devices.state.unsupported": "Ce navigateur ne peut pas alerter depuis cette page.",
  "devices.denied_how": "Touchez le cadenas à gauche de l'adresse, autorisez les notifications, puis rechargez la page. Sur un poste géré, demandez-le à votre informatique.",
  "devices.unsupported_how": "Il faut une adresse en https. Sur iPhone et iPad, ajoutez d'abord examroom à l'écran d'accueil et ouvrez-le de là.",
  "devices.on": "M'alerter sur cet appareil",
  "devices.off": "Ne plus m'alerter ici",
  "devices.trial": "Envoyer un essai",
  "devices.trial_sent": "Essai envoyé : la notification doit apparaître. Sinon, regardez le mode silencieux de l'appareil.",
  "devices.trial_failed": "L'essai n'est pas parti. Réessayez ; si cela persiste, désactivez puis activez de nouveau.",
  "devices.service_refused": "Le service de notification du navigateur ne répond pas. Réessayez plus tard.",
} as const;
