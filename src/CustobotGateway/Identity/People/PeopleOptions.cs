namespace CustobotGateway.Identity.People;

/// <summary>How people sign in; section <c>Identity:People</c> of the configuration.</summary>
public sealed record PeopleOptions
{
    /// <summary>Minutes after which a session ends, however it is used; default 480, 5 to 10,080.</summary>
    public int SessionMinutes { get; init; } = 480;

    /// <summary>Minutes after which a session ends that is not used; default 60, 5 to 1,440.</summary>
    public int IdleMinutes { get; init; } = 60;

    /// <summary>Sessions that a person has at once; the oldest ends for one more. Default 20, 1 to 1,000.</summary>
    public int MaxSessions { get; init; } = 20;

    /// <summary>Wrong passwords of one account from one address within the window; default 5, 1 to 100.</summary>
    public int TriesPerAccountAndAddress { get; init; } = 5;

    /// <summary>Wrong passwords of one account from all addresses within the window; default 50, 5 to 10,000.</summary>
    public int TriesPerAccount { get; init; } = 50;

    /// <summary>Wrong passwords from one address within the window; default 100, 5 to 100,000.</summary>
    public int TriesPerAddress { get; init; } = 100;

    /// <summary>Codes of devices that are looked up from one address or in one session within the window; default 20, 3 to 1,000.</summary>
    public int TriesPerUserCode { get; init; } = 20;

    /// <summary>Minutes that the window of tries lasts; default 15, 1 to 1,440.</summary>
    public int TryWindowMinutes { get; init; } = 15;

    /// <summary>Rounds of PBKDF2 with HMAC-SHA-512 that a password costs; default 210,000, 10,000 to 10,000,000. Hashes with fewer are renewed at the next sign-in.</summary>
    public int PasswordRounds { get; init; } = 210_000;

    /// <summary>Whether people open accounts themselves; default true. Where false, accounts come from the staff and from seeding.</summary>
    public bool SignUp { get; init; } = true;

    /// <summary>Hours that the letter of a sign-up is good; default 24, 1 to 168.</summary>
    public int ConfirmHours { get; init; } = 24;

    /// <summary>Minutes that the letter of a forgotten password is good; default 30, 5 to 1,440.</summary>
    public int ResetMinutes { get; init; } = 30;

    /// <summary>Letters that go to one address of mail within the window, whoever asks; default 5, 1 to 100.</summary>
    public int LettersPerAccount { get; init; } = 5;

    /// <summary>Letters that are asked for from one address of the network within the window; default 30, 1 to 10,000.</summary>
    public int LettersPerAddress { get; init; } = 30;

    /// <summary>Throws where a value is out of its range.</summary>
    public PeopleOptions Check()
    {
        ThrowIfOutside(SessionMinutes, 5, 10_080, nameof(SessionMinutes));
        ThrowIfOutside(IdleMinutes, 5, 1_440, nameof(IdleMinutes));
        ThrowIfOutside(MaxSessions, 1, 1_000, nameof(MaxSessions));
        ThrowIfOutside(TriesPerAccountAndAddress, 1, 100, nameof(TriesPerAccountAndAddress));
        ThrowIfOutside(TriesPerAccount, 5, 10_000, nameof(TriesPerAccount));
        ThrowIfOutside(TriesPerAddress, 5, 100_000, nameof(TriesPerAddress));
        ThrowIfOutside(TriesPerUserCode, 3, 1_000, nameof(TriesPerUserCode));
        ThrowIfOutside(TryWindowMinutes, 1, 1_440, nameof(TryWindowMinutes));
        ThrowIfOutside(PasswordRounds, 10_000, 10_000_000, nameof(PasswordRounds));
        ThrowIfOutside(ConfirmHours, 1, 168, nameof(ConfirmHours));
        ThrowIfOutside(ResetMinutes, 5, 1_440, nameof(ResetMinutes));
        ThrowIfOutside(LettersPerAccount, 1, 100, nameof(LettersPerAccount));
        ThrowIfOutside(LettersPerAddress, 1, 10_000, nameof(LettersPerAddress));
        return this;
    }

    private static void ThrowIfOutside(int value, int least, int most, string name)
    {
        if (value < least || value > most)
        {
            throw new ArgumentOutOfRangeException(name, value, $"Identity:People:{name} lies between {least} and {most}.");
        }
    }
}
