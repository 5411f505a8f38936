using CustobotGateway.Commands;

namespace CustobotGateway.Tests.Commands;

/// <summary>What the command line takes, and what it says of what it does not.</summary>
public sealed class CommandLineTests
{
    [Fact]
    public void Options_take_their_value_after_a_space_or_an_equals_sign()
    {
        var words = CommandLine.Read(Serve.Verb, ["--urls", "http://127.0.0.1:1", "--data=/d", "--no-demo"])!;

        Assert.Equal(("http://127.0.0.1:1", "/d", true), (words["--urls"], words["--data"], words.Has("--no-demo")));
    }

    [Theory]
    [InlineData("--ursl x", "did you mean '--urls'?")]
    [InlineData("--urls", "needs a value")]
    [InlineData("--no-demo=yes", "takes no value")]
    [InlineData("word", "one word too many")]
    public void Wrong_words_are_refused_with_a_hint(string line, string hint)
    {
        var refusal = Assert.Throws<CommandException>(() => CommandLine.Read(Serve.Verb, line.Split(' ')));

        Assert.Contains(hint, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, refusal.ExitCode);
    }

    [Theory]
    [InlineData("--urls", "ftp://127.0.0.1")]
    [InlineData("--public-url", "not a url")]
    [InlineData("--registry", "/no/such/folder")]
    [InlineData("--connection", "nonsense")]
    public void Wrong_values_are_refused(string option, string value)
    {
        var refusal = Assert.Throws<CommandException>(() => GatewayOptions.Read(CommandLine.Read(Serve.Verb, [option, value])!));

        Assert.Equal(ExitCode.Usage, refusal.ExitCode);
        Assert.StartsWith(option, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Public_address_has_no_slash_at_its_end() =>
        Assert.Equal("https://shop.example/api", GatewayOptions.Read(CommandLine.Read(Serve.Verb, ["--public-url", "https://shop.example/api/"])!).PublicUrl);

    [Fact]
    public async Task Unknown_verb_ends_with_2()
    {
        Assert.Equal(ExitCode.Usage, await CommandLine.RunAsync(["srve"], [Serve.Verb]));
    }
}
