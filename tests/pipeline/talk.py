#!/usr/bin/env python3
"""tests/pipeline/talk.py FILE.mp4 [--seconds N] [--seed S] [--size WxH] [--picture FILE] [--no-srt]

Makes a talk: sentences spoken by espeak-ng at times that are written down to the millisecond (FILE.json), subtitles beside
it (FILE.srt), and a picture that changes at known times, or the one of another file, again and again, not encoded anew.
The same seed makes the same talk.
"""
import argparse, io, json, os, random, subprocess, tempfile, wave

SUBJECTS = ["sleep", "coffee", "bread", "running", "money", "gardens", "paper maps", "old bicycles", "cold water", "music", "rain",
            "chess", "trains", "winter tyres", "honey", "sailing", "clay pots", "letters", "stairs", "walnuts"]
OPENINGS = ["Why does nobody talk about {}?", "You never need more than {} of {{}}.", "Most people get {} wrong.",
            "The biggest mistake with {} is this.", "I spent {} dollars on {{}} last year.", "Let us speak about {}."]
MIDDLES = ["The first thing that I learned about {} is patience.", "My neighbour thinks that {} should be free.",
           "In the morning it works better than in the evening.", "After three weeks the difference was easy to see.",
           "There are many books on {}, and few of them help.", "We measured it on {} days in a row.",
           "And then somebody asked me how long that takes.", "It is quiet, slow and a little boring."]
ENDINGS = ["That is all you need to know about {}.", "Try it tomorrow.", "So that is how {} works.", "Now you know."]


def sentences(rng):
    """Without an end: topics of an opening, some sentences and an ending."""
    while True:
        subject = rng.choice(SUBJECTS)
        fill = lambda text: text.replace("{{}}", subject).replace("{}", str(rng.randint(2, 99)) if "{{}}" in text or "days" in text else subject)
        yield fill(rng.choice(OPENINGS)), 1.0
        for _ in range(rng.randint(3, 5)):
            yield fill(rng.choice(MIDDLES)), rng.uniform(0.25, 0.7)
        yield fill(rng.choice(ENDINGS)), rng.uniform(0.3, 0.6)


def speak(text):
    """16-bit samples, and how many there are in a second; without the silence at its ends."""
    said = subprocess.run(["espeak-ng", "-v", "en", "-s", "165", "--stdout", text], check=True, capture_output=True).stdout
    with wave.open(io.BytesIO(said)) as file:
        rate, samples = file.getframerate(), file.readframes(1 << 30)
    loud = lambda at: abs(int.from_bytes(samples[at:at + 2], "little", signed=True)) > 200
    first = next(at for at in range(0, len(samples), 2) if loud(at))
    last = next(at for at in range(len(samples) - 2, 0, -2) if loud(at))
    return samples[first:last + 2], rate


def stamp(seconds):
    ms = round(seconds * 1000)
    return f"{ms // 3600000:02}:{ms // 60000 % 60:02}:{ms // 1000 % 60:02},{ms % 1000:03}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", default="640x360")
    parser.add_argument("--picture")
    parser.add_argument("--no-srt", action="store_true")
    options = parser.parse_args()
    rng, sound, truth, rate = random.Random(options.seed), bytearray(), [], 22050
    for text, pause in sentences(rng):
        samples, rate = speak(text)
        sound += bytes(2 * int(pause * rate))
        start = len(sound) / 2 / rate
        sound += samples
        truth.append({"start": start, "end": len(sound) / 2 / rate, "text": text})
        if len(sound) / 2 / rate > options.seconds - 3:
            break
    sound += bytes(2 * rate)
    length = len(sound) / 2 / rate
    base = os.path.splitext(options.file)[0]
    cuts = [cut for cut in (20.0 * i for i in range(1, 1000)) if cut < length]
    with tempfile.TemporaryDirectory() as folder:
        with wave.open(os.path.join(folder, "sound.wav"), "wb") as file:
            file.setnchannels(1), file.setsampwidth(2), file.setframerate(rate)
            file.writeframes(bytes(sound))
        if options.picture:
            picture, encoder = ["-stream_loop", "-1", "-t", str(length), "-i", options.picture], ["copy"]
        else:
            picture = ["-f", "lavfi", "-i", f"testsrc2=size={options.size}:rate=25:duration={length},hue=h='90*floor(t/20)'"]
            encoder = ["libx264", "-preset", "ultrafast", "-g", "50", "-pix_fmt", "yuv420p"]
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *picture, "-i", os.path.join(folder, "sound.wav"), "-map", "0:v", "-map", "1:a",
                        "-c:v", *encoder, "-c:a", "aac", "-shortest", options.file], check=True)
    with open(base + ".truth", "w") as file:
        json.dump({"sentences": truth, "cuts": cuts, "length": length}, file, indent=1)
    if not options.no_srt:
        with open(base + ".srt", "w") as file:
            for number, one in enumerate(truth, 1):
                file.write(f"{number}\n{stamp(one['start'])} --> {stamp(one['end'])}\n{one['text']}\n\n")


if __name__ == "__main__":
    main()
