using System.Globalization;
using System.Text;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;

namespace CustobotGateway.Identity.People;

/// <summary>A letter in the outbox.</summary>
/// <param name="Id"><c>eml_…</c>, the file's name.</param>
/// <param name="At">When it was written.</param>
/// <param name="Mail">What it says.</param>
public sealed record SentMail(string Id, DateTimeOffset At, Mail Mail);

/// <summary>
/// The outbox of a gateway that has no mail server: each letter is a file (RFC 5322, with the header fields of RFC 6532) in the folder <c>outbox</c> of the
/// data folder, which its owner alone can read, since letters open accounts. The oldest go when there are too many.
/// </summary>
public sealed class Outbox(GatewaySettings settings, PublicUrl publicUrl, TimeProvider clock) : IOutbox
{
    /// <summary>Letters that are kept.</summary>
    public const int Most = 1_000;

    private const string Extension = ".eml";
    private const int LongestLetter = 64 * 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Lock _sweep = new();

    /// <summary>The folder.</summary>
    public string Directory { get; } = Path.Combine(settings.DataDirectory, "outbox");

    /// <inheritdoc/>
    public async Task SendAsync(Mail mail, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mail);
        MakeFolder();
        var id = Ids.New("eml", clock);
        var file = Path.Combine(Directory, id + Extension);
        // Beside it first: whoever follows the folder sees whole letters only.
        await using (var stream = new FileStream(file + ".new", new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(Written(id, mail)), cancellationToken);
        }
        File.Move(file + ".new", file);
        Sweep();
    }

    /// <summary>The newest letters, the newest first.</summary>
    public IReadOnlyList<SentMail> Latest(int most) =>
        !System.IO.Directory.Exists(Directory) ? [] : [.. Files().OrderDescending(StringComparer.Ordinal).Take(most).Select(Read).OfType<SentMail>()];

    private void MakeFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            System.IO.Directory.CreateDirectory(Directory);
        }
        else
        {
            System.IO.Directory.CreateDirectory(Directory, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    // Ids are in the order of time, and so are the files' names.
    private string[] Files() => System.IO.Directory.GetFiles(Directory, "eml_*" + Extension);

    private void Sweep()
    {
        lock (_sweep)
        {
            var files = Files();
            foreach (var old in files.Order(StringComparer.Ordinal).Take(files.Length - Most))
            {
                File.Delete(old);
            }
        }
    }

    private string Written(string id, Mail mail)
    {
        var host = new Uri(publicUrl.Base).Host;
        var at = clock.GetUtcNow().UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture);
        string[] fields =
        [
            $"Date: {at}", $"From: Custobot Gateway <no-reply@{host}>", $"To: <{mail.To}>", $"Subject: {mail.Subject}", $"Message-ID: <{id}@{host}>",
            "Auto-Submitted: auto-generated", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit",
        ];
        return string.Join("\r\n", fields) + "\r\n\r\n" + mail.Text.ReplaceLineEndings("\r\n");
    }

    // Only what this class wrote: fields of one line each.
    private static SentMail? Read(string file)
    {
        string text;
        try
        {
            text = new FileInfo(file).Length > LongestLetter ? "" : File.ReadAllText(file);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        var parts = text.Split("\r\n\r\n", 2);
        var fields = parts[0].Split("\r\n").Select(line => line.Split(": ", 2)).Where(field => field.Length == 2).ToLookup(field => field[0], field => field[1]);
        return parts.Length == 2 && DateTimeOffset.TryParseExact(fields["Date"].FirstOrDefault(), "ddd, dd MMM yyyy HH:mm:ss zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? new(Path.GetFileNameWithoutExtension(file), at, new(fields["To"].FirstOrDefault("").Trim('<', '>'), fields["Subject"].FirstOrDefault(""), parts[1].ReplaceLineEndings("\n")))
            : null;
    }
}
