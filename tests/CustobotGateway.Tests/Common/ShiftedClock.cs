namespace CustobotGateway.Tests.Common;

/// <summary>The system's clock, put forward at will: what expires in the test expires without waiting.</summary>
public sealed class ShiftedClock : TimeProvider
{
    private long _shiftTicks;

    /// <summary>Lets time pass.</summary>
    public void Advance(TimeSpan time) => Interlocked.Add(ref _shiftTicks, time.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _shiftTicks));
}
