namespace CustobotGateway.Identity.People;

/// <summary>A letter to one person.</summary>
/// <param name="To">The address; has passed <see cref="Person.IsEmail"/>, so that it holds no line of its own.</param>
/// <param name="Subject">One line of ASCII.</param>
/// <param name="Text">The letter, its lines ended by a line feed.</param>
public sealed record Mail(string To, string Subject, string Text);

/// <summary>Where letters leave. A mail server takes the place of <see cref="Outbox"/> by registering another one.</summary>
public interface IOutbox
{
    /// <summary>Takes the letter; whoever waits knows then that it will not be lost.</summary>
    Task SendAsync(Mail mail, CancellationToken cancellationToken);
}
