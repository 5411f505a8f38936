using CustobotGateway.OAuth.Jose;

namespace CustobotGateway.Identity.Keys;

/// <summary>What tokens are signed with, and when the keys change; section <c>Identity:Keys</c> of the configuration.</summary>
public sealed record KeyOptions
{
    /// <summary>What tokens are signed with: ES256 (default) or PS256.</summary>
    public string Algorithm { get; init; } = JoseAlgorithm.ES256;

    /// <summary>Hours that a key is published before it signs. Default 336, 1 to 2,160; caches of the key set live no longer.</summary>
    public int AnnouncedHours { get; init; } = 336;

    /// <summary>Hours that a key signs. Default 2,160, which is 90 days; 2 to 17,520.</summary>
    public int SignsHours { get; init; } = 2_160;

    /// <summary>Hours that a key stays published after it signed last. Default 48, 25 to 2,160: no token lives longer than a day.</summary>
    public int RetiredHours { get; init; } = 48;

    /// <summary>Throws where a value is out of its range.</summary>
    public KeyOptions Check()
    {
        if (Algorithm is not (JoseAlgorithm.ES256 or JoseAlgorithm.PS256))
        {
            throw new ArgumentOutOfRangeException(nameof(Algorithm), Algorithm, "Identity:Keys:Algorithm is ES256 or PS256.");
        }
        ThrowIfOutside(AnnouncedHours, 1, 2_160, nameof(AnnouncedHours));
        ThrowIfOutside(SignsHours, 2, 17_520, nameof(SignsHours));
        ThrowIfOutside(RetiredHours, 25, 2_160, nameof(RetiredHours));
        return this;
    }

    /// <summary>The schedule that the hours make.</summary>
    internal KeySchedule ToSchedule() => new()
    {
        Announced = TimeSpan.FromHours(AnnouncedHours),
        Signs = TimeSpan.FromHours(SignsHours),
        Retired = TimeSpan.FromHours(RetiredHours),
    };

    private static void ThrowIfOutside(int value, int least, int most, string name)
    {
        if (value < least || value > most)
        {
            throw new ArgumentOutOfRangeException(name, value, $"Identity:Keys:{name} lies between {least} and {most}.");
        }
    }
}
