namespace CustobotGateway.Identity.People;

/// <summary>What people are written. Every address in a letter begins with the gateway's own published one, never with what a request said.</summary>
internal static class Letters
{
    private const string NotYou = "If that was not you, you need not do anything.";

    public static Mail Confirm(string to, string link, int hours) => new(to, "Confirm your address",
        $"Somebody, hopefully you, wants an account with this address.\n\nTo open it, follow this link within {hours} hours and enter the password that you chose:\n\n{link}\n\n{NotYou}\n");

    public static Mail AlreadyThere(string to, string login, string forgot) => new(to, "You have an account already",
        $"Somebody, hopefully you, wanted to open an account with this address, and there is one already.\n\nSign in:\n\n{login}\n\nIf you do not know the password any more:\n\n{forgot}\n\n{NotYou}\n");

    public static Mail Reset(string to, string link, int minutes) => new(to, "Choose another password",
        $"Somebody, hopefully you, forgot the password of your account.\n\nTo choose another one, follow this link within {minutes} minutes. It can be used once:\n\n{link}\n\n"
        + $"Everyone who is signed in to your account is then signed out, its passkeys are removed, and the access you gave to agents ends.\n\n{NotYou}\n");

    public static Mail NoAccount(string to, string? signUp) => new(to, "There is no account with this address",
        "Somebody, hopefully you, asked for another password. There is no account with this address that could get one.\n\n"
        + (signUp is null ? "" : $"To open one:\n\n{signUp}\n\n") + NotYou + "\n");

    public static Mail PasskeyAdded(string to, string name, string forgot) => new(to, "A passkey was added to your account",
        $"A passkey was added to your account just now. It is called:\n\n  {name}\n\nWhoever has it can sign in as you. If that was not you, choose another password by a letter at once, which removes every passkey:\n\n{forgot}\n");

    public static Mail PasskeyRemoved(string to, string name, string forgot) => new(to, "A passkey was removed from your account",
        $"A passkey was removed from your account just now. It was called:\n\n  {name}\n\nWhoever had signed in with it is signed out. If that was not you, choose another password by a letter at once:\n\n{forgot}\n");

    public static Mail PasswordChanged(string to, string forgot) => new(to, "Your password was changed",
        $"The password of your account was changed just now. Everyone who was signed in is signed out, the account's passkeys are removed, and the access of agents has ended.\n\nIf that was not you, choose another one at once:\n\n{forgot}\n");
}
