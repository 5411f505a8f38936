using CustobotGateway.Identity.People;
using CustobotGateway.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Identity.People;

/// <summary>A gateway on whose clock the test decides, and which hashes passwords quickly.</summary>
public class PeopleFixture : GatewayFixture
{
    public const string Password = "correct horse battery";

    public ShiftedClock Clock { get; } = new();

    public virtual PeopleOptions Options => new() { PasswordRounds = 10_000, TriesPerAddress = 10_000, LettersPerAddress = 10_000 };

    protected override void ConfigureServices(IServiceCollection services)
    {
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton(Options);
    }

    public PersonBrowser NewBrowser() => new(BaseUrl);

    /// <summary>Makes an account.</summary>
    public async Task<Person> PersonAsync(params StaffRole[] roles)
    {
        await using var connection = await OpenDatabaseAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var person = await CreatePerson.RunAsync(transaction, $"{Guid.NewGuid():n}@example.com", App.Services.GetRequiredService<Passwords>().Hash(Password), roles, "test", Clock, CancellationToken.None);
        await transaction.CommitAsync();
        return person!;
    }

    /// <summary>A browser in which the person is signed in.</summary>
    public async Task<PersonBrowser> SignedInAsync(Person person)
    {
        var browser = NewBrowser();
        var page = await browser.LogInAsync(person.Email, Password);
        Assert.Equal(System.Net.HttpStatusCode.SeeOther, page.Status);
        return browser;
    }

    /// <summary>The newest letter to the address.</summary>
    public Mail NewestLetter(string to) => App.Services.GetRequiredService<Outbox>().Latest(200).First(letter => letter.Mail.To == to).Mail;

    /// <summary>The first link in the newest letter to the address, without the host.</summary>
    public string NewestLink(string to)
    {
        var link = NewestLetter(to).Text.Split('\n').First(line => line.StartsWith("http", StringComparison.Ordinal));
        Assert.StartsWith(BaseUrl + "/", link, StringComparison.Ordinal);
        return link[BaseUrl.Length..];
    }
}
